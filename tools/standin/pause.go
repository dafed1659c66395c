package main

import (
	"os"
	"os/signal"
	"syscall"
)

// pause holds a pod's namespaces, as Kubernetes' own pause does (https://github.com/kubernetes/kubernetes/tree/master/build/pause):
// it waits for SIGTERM or SIGINT, and reaps what lost its parent, since it can be process 1 of the whole pod.
func pause() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	say("pause begins")
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		reap()
	}
}

// reap collects every child that has ended: signals of several can arrive as one.
func reap() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err != syscall.EINTR && (err != nil || pid <= 0) {
			return
		}
	}
}
