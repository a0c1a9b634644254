// Answers questions about versions and YAML with the libraries that Flux, Helm and Kubernetes use, one JSON object a line.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/Masterminds/semver/v3"
	"sigs.k8s.io/yaml"
)

type question struct {
	Ask      string `json:"ask"`
	Version  string `json:"version"`
	Other    string `json:"other"`
	Metadata string `json:"metadata"`
	Text     string `json:"text"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := answers.Encode(answer(asked)); err != nil {
			panic(err)
		}
	}
}

// A nil answer means that the library refuses the input.
func answer(asked question) any {
	switch asked.Ask {
	case "setMetadata":
		version, err := semver.NewVersion(asked.Version)
		if err != nil {
			return nil
		}
		changed, err := version.SetMetadata(asked.Metadata)
		if err != nil {
			return nil
		}
		return changed.String()
	case "compare":
		a, errA := semver.NewVersion(asked.Version)
		b, errB := semver.NewVersion(asked.Other)
		if errA != nil || errB != nil {
			return nil
		}
		return a.Compare(b)
	case "yaml":
		var value any
		if err := yaml.Unmarshal([]byte(asked.Text), &value); err != nil {
			return nil
		}
		return value
	}
	panic("unknown question " + asked.Ask)
}
