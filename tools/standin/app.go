package main

import "net/http"

// appHandler greets on the first page, as examples/hello does.
type appHandler struct{}

func (appHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		answer(w, http.StatusNotFound, "not found")
		return
	}
	answer(w, http.StatusOK, "Hello, World!")
}
