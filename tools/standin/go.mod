// Stands in for the programs of a stack's pods in the live drills. It needs no other module; drill/live/images builds it.
module holdfast.dev/tools/standin

go 1.26
