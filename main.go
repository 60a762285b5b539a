// Esmlab is a lab in the terminal for AWS Lambda event source mappings.
package main

import (
	"os"

	"esmlab/ui/cmd"
)

func main() { os.Exit(cmd.Main()) }
