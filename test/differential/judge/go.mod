module judge

go 1.24.0

require (
	golang.org/x/mod v0.31.0
	golang.org/x/net v0.48.0
)

require golang.org/x/text v0.32.0 // indirect
