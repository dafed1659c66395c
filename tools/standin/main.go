// Command standin stands in for the programs of a stack's pods, so that the live drills need no image registry.
// An image says by environment variables what its container is to play; arguments are ignored, so that a manifest's
// command can stay as it is.
//
//	HOLDFAST_ROLE           pause, app, store or task
//	HOLDFAST_PORT           port that app and store listen on; app without one listens nowhere
//	HOLDFAST_LIVE_PATH      path that answers 200 for as long as the program works, or several with spaces between
//	HOLDFAST_READY_PATH     path that answers 200 until the program is told to end, then 503
//	HOLDFAST_DATA           folder of the store's data
//	HOLDFAST_START_SECONDS  time before it listens; 0 by default
//	HOLDFAST_DRAIN_SECONDS  longest time that open requests get once it is told to end; 20 by default
//	HOLDFAST_ABRUPT         1: SIGTERM and SIGINT end it at once, open requests or not
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// settings is what the environment says.
type settings struct {
	role      string
	port      string
	livePaths []string
	readyPath string
	data      string
	start     time.Duration
	drain     time.Duration
	abrupt    bool
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run() error {
	s, err := readSettings()
	if err != nil {
		return err
	}
	switch s.role {
	case "pause":
		pause()
		return nil
	case "app":
		return serve(s, appHandler{})
	case "store":
		return runStore(s)
	case "task":
		say("task begins, has nothing to do, and ends")
		return nil
	default:
		return fmt.Errorf("HOLDFAST_ROLE is %q; set it to pause, app, store or task", s.role)
	}
}

func readSettings() (settings, error) {
	start, err := seconds("HOLDFAST_START_SECONDS", 0)
	if err != nil {
		return settings{}, err
	}
	drain, err := seconds("HOLDFAST_DRAIN_SECONDS", 20)
	if err != nil {
		return settings{}, err
	}
	return settings{
		role:      os.Getenv("HOLDFAST_ROLE"),
		port:      os.Getenv("HOLDFAST_PORT"),
		livePaths: strings.Fields(os.Getenv("HOLDFAST_LIVE_PATH")),
		readyPath: os.Getenv("HOLDFAST_READY_PATH"),
		data:      os.Getenv("HOLDFAST_DATA"),
		start:     start,
		drain:     drain,
		abrupt:    os.Getenv("HOLDFAST_ABRUPT") == "1",
	}, nil
}

// seconds reads a variable that holds a number of seconds, which may have decimals.
func seconds(name string, otherwise float64) (time.Duration, error) {
	value := otherwise
	if text := os.Getenv(name); text != "" {
		given, err := strconv.ParseFloat(text, 64)
		if err != nil || !(given >= 0 && given <= 86_400) {
			return 0, fmt.Errorf("%s is %q; set it to a number of seconds from 0 to 86400", name, text)
		}
		value = given
	}
	return time.Duration(value * float64(time.Second)), nil
}

// say prints a line at once, with the time.
func say(format string, values ...any) {
	fmt.Printf("%s %s\n", time.Now().UTC().Format("15:04:05.000"), fmt.Sprintf(format, values...))
}
