package main

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// mostAtOnce is how many writes share one fsync.
const mostAtOnce = 256

// write is one that waits for the disk.
type write struct {
	id, value string
	onDisk    chan struct{}
}

// writeLog is a file that is only added to, a line a write: its checksum, its id and its value, quoted. What is read from it is on disk.
type writeLog struct {
	file    *os.File
	waiting chan write

	mutex  sync.RWMutex
	values map[string]string
	order  []string
}

// openLog reads the log in a folder, or begins one. Lines from the first torn one on are cut off: an fsync was never over for them, so none of
// them was acknowledged.
func openLog(folder string) (*writeLog, error) {
	path := filepath.Join(folder, "writes.log")
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	log := &writeLog{waiting: make(chan write, mostAtOnce), values: map[string]string{}}
	whole := 0
	for line := range bytes.Lines(content) {
		id, value, ok := parseLine(string(line))
		if !ok {
			break
		}
		log.set(id, value)
		whole += len(line)
	}
	if torn := len(content) - whole; torn > 0 {
		say("store drops %d bytes at the end of its log that no write was acknowledged for", torn)
	}
	log.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return log, errors.Join(log.file.Truncate(int64(whole)), log.file.Sync(), syncFolder(folder))
}

// syncFolder puts the file's name on disk: fsync of a file does not (https://man7.org/linux/man-pages/man2/fsync.2.html).
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// put returns once the write is on disk.
func (log *writeLog) put(id, value string) {
	next := write{id, value, make(chan struct{})}
	log.waiting <- next
	<-next.onDisk
}

func (log *writeLog) get(id string) (string, bool) {
	log.mutex.RLock()
	defer log.mutex.RUnlock()
	value, found := log.values[id]
	return value, found
}

func (log *writeLog) all() []string {
	log.mutex.RLock()
	defer log.mutex.RUnlock()
	return slices.Clone(log.order)
}

// keep puts writes on disk for as long as that works. Those that came while the disk was busy go there together.
func (log *writeLog) keep() error {
	for first := range log.waiting {
		batch := []write{first}
		for len(batch) < mostAtOnce && len(log.waiting) > 0 {
			batch = append(batch, <-log.waiting)
		}
		var lines strings.Builder
		for _, next := range batch {
			lines.WriteString(formatLine(next.id, next.value))
		}
		if _, err := log.file.WriteString(lines.String()); err != nil {
			return err
		}
		if err := log.file.Sync(); err != nil {
			return err
		}
		for _, next := range batch {
			log.set(next.id, next.value)
			close(next.onDisk)
		}
	}
	return nil
}

func (log *writeLog) set(id, value string) {
	log.mutex.Lock()
	defer log.mutex.Unlock()
	if _, known := log.values[id]; !known {
		log.order = append(log.order, id)
	}
	log.values[id] = value
}

func formatLine(id, value string) string {
	said := id + " " + strconv.Quote(value)
	return fmt.Sprintf("%08x %s\n", crc32.ChecksumIEEE([]byte(said)), said)
}

// parseLine is the reverse of formatLine; false for anything that is not a whole line.
func parseLine(line string) (id, value string, ok bool) {
	_, said, _ := strings.Cut(line, " ")
	id, quoted, _ := strings.Cut(strings.TrimSuffix(said, "\n"), " ")
	value, err := strconv.Unquote(quoted)
	return id, value, err == nil && line == formatLine(id, value)
}
