package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// serve answers requests until the program is told to end. Then it stops listening, finishes what is open within the drain time, and returns nil,
// as gunicorn does for examples/hello at SIGTERM (https://docs.gunicorn.org/en/stable/signals.html).
//
// An abrupt one plays nginx, for which SIGTERM and SIGINT are "fast shutdown" and SIGQUIT is "graceful shutdown"
// (https://nginx.org/en/docs/control.html).
func serve(s settings, handler http.Handler) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	say("%s begins", s.role)
	select {
	case received := <-signals:
		say("%s ends before it listened: %s", s.role, received)
		return nil
	case <-time.After(s.start):
	}
	if s.port == "" {
		say("%s has no port to listen on", s.role)
		say("%s ends: %s", s.role, <-signals)
		return nil
	}
	listener, err := net.Listen("tcp", ":"+s.port)
	if err != nil {
		return err
	}
	var ending atomic.Bool
	var open sync.WaitGroup
	server := &http.Server{
		Handler:           withHealth(s, &ending, handler),
		ReadHeaderTimeout: longestHeader,
		ConnState:         counted(&open),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	say("%s listens on port %s", s.role, s.port)
	select {
	case err := <-served:
		return err
	case received := <-signals:
		if s.abrupt && received != syscall.SIGQUIT {
			say("%s ends at once: %s", s.role, received)
			return nil
		}
		ending.Store(true)
		say("%s ends: %s; it stops listening and finishes open requests", s.role, received)
	}
	if err := listener.Close(); err != nil {
		return err
	}
	// From here on no connection is added to those that are open.
	<-served
	finish(s, server, &open)
	say("%s has ended", s.role)
	return nil
}

// longestHeader is how long a connection may be silent before its first request, so that it can't hold up the end.
const longestHeader = 5 * time.Second

// counted keeps count of the open connections.
func counted(open *sync.WaitGroup) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Done()
		}
	}
}

// finish closes idle connections, waits for open requests, and cuts those off that take longer than the drain time. Server.Shutdown is not used: it drops
// requests that have not arrived whole when it is called (`serve` in https://github.com/golang/go/blob/master/src/net/http/server.go),
// so that an app would fail requests that it had taken.
func finish(s settings, server *http.Server, open *sync.WaitGroup) {
	server.SetKeepAlivesEnabled(false)
	finished := make(chan struct{})
	go func() {
		open.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(s.drain):
		say("%s cuts off what is open after %s", s.role, s.drain)
		_ = server.Close()
	}
}

// withHealth answers the paths of the probes, and says in each answer which pod it is from. Whether a program is ready is
// asked when the answer is given: a request that was open at SIGTERM is told 503.
func withHealth(s settings, ending *atomic.Bool, handler http.Handler) http.Handler {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Served-By", host)
		switch path := r.URL.Path; {
		case path == "/":
			handler.ServeHTTP(w, r)
		case path == s.readyPath && ending.Load():
			answer(w, http.StatusServiceUnavailable, "not ready")
		case path == s.readyPath:
			answer(w, http.StatusOK, "ready")
		case slices.Contains(s.livePaths, path):
			answer(w, http.StatusOK, "ok")
		default:
			handler.ServeHTTP(w, r)
		}
	})
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// Whoever asked may be gone.
	_, _ = io.WriteString(w, body)
}
