package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
)

// longestValue is the size of the largest value that the store takes, in bytes.
const longestValue = 64 << 10

var validID = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,128}$`)

// runStore keeps writes. One that it acknowledges is on disk.
func runStore(s settings) error {
	if s.data == "" || s.port == "" {
		return errors.New("a store needs HOLDFAST_DATA, the folder of its data, and HOLDFAST_PORT")
	}
	log, err := openLog(s.data)
	if err != nil {
		return fmt.Errorf("the store can't use HOLDFAST_DATA: %w", err)
	}
	say("store has %d writes in %s", len(log.all()), s.data)
	go func() {
		// What the disk holds after a failed write or fsync is not known (https://wiki.postgresql.org/wiki/Fsync_Errors): nothing may be
		// acknowledged any more, and the next start reads what is there.
		fmt.Fprintln(os.Stderr, "standin: the store can't write:", log.keep())
		os.Exit(1)
	}()
	return serve(s, storeHandler(log))
}

// storeHandler answers
//
//	PUT /writes/<id>  201 once the body is on disk; the last one of an id counts
//	GET /writes/<id>  200 with the body, or 404
//	GET /writes       200 with all ids, one a line, in the order of their first write
func storeHandler(log *writeLog) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /writes/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !validID.MatchString(id) {
			answer(w, http.StatusBadRequest, "an id has 1 to 128 letters, digits and . _ ~ -")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestValue))
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			answer(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("a value has at most %d bytes", longestValue))
			return
		}
		if err != nil {
			answer(w, http.StatusBadRequest, "the value did not arrive whole")
			return
		}
		log.put(id, string(body))
		answer(w, http.StatusCreated, "on disk")
	})
	mux.HandleFunc("GET /writes/{id}", func(w http.ResponseWriter, r *http.Request) {
		value, found := log.get(r.PathValue("id"))
		if !found {
			answer(w, http.StatusNotFound, "no such write")
			return
		}
		answer(w, http.StatusOK, value)
	})
	mux.HandleFunc("GET /writes", func(w http.ResponseWriter, _ *http.Request) {
		ids := log.all()
		if len(ids) > 0 {
			ids = append(ids, "")
		}
		answer(w, http.StatusOK, strings.Join(ids, "\n"))
	})
	return mux
}
