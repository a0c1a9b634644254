// Reads docker-compose.yml and Dockerfile as Docker does, and prints what it found as one JSON object. Nothing is run:
// compose-go is the loader of Docker Compose, and BuildKit's parser and linter are those of docker build.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type service struct {
	Name   string   `json:"name"`
	Image  string   `json:"image"`
	Target string   `json:"target"`
	Needs  []string `json:"needs"`
	Mounts []string `json:"mounts"`
}

type stage struct {
	Name     string `json:"name"`
	Base     string `json:"base"`
	Commands int    `json:"commands"`
}

type answer struct {
	Services []service `json:"services,omitempty"`
	Stages   []stage   `json:"stages,omitempty"`
	Warnings []string  `json:"warnings"`
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: packaging-reader compose|dockerfile FILE"))
	}
	read := map[string]func(string) (answer, error){"compose": compose, "dockerfile": dockerfile}[os.Args[1]]
	if read == nil {
		fail(fmt.Errorf("%s is neither compose nor dockerfile", os.Args[1]))
	}
	found, err := read(os.Args[2])
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Variables come from the environment, as in docker compose config.
func compose(file string) (answer, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithResolvedPaths(true))
	if err != nil {
		return answer{}, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return answer{}, err
	}
	found := answer{Warnings: []string{}}
	for name, each := range project.Services {
		one := service{Name: name, Image: each.Image, Needs: []string{}, Mounts: []string{}}
		if each.Build != nil {
			one.Target = each.Build.Target
		}
		for needed, dependency := range each.DependsOn {
			one.Needs = append(one.Needs, needed+" "+dependency.Condition)
		}
		for _, volume := range each.Volumes {
			one.Mounts = append(one.Mounts, volume.Type+" "+volume.Target)
		}
		sort.Strings(one.Needs)
		sort.Strings(one.Mounts)
		found.Services = append(found.Services, one)
	}
	sort.Slice(found.Services, func(a, b int) bool { return found.Services[a].Name < found.Services[b].Name })
	return found, nil
}

func dockerfile(file string) (answer, error) {
	source, err := os.Open(file)
	if err != nil {
		return answer{}, err
	}
	defer source.Close()
	parsed, err := parser.Parse(source)
	if err != nil {
		return answer{}, err
	}
	found := answer{Warnings: []string{}}
	for _, warning := range parsed.Warnings {
		found.Warnings = append(found.Warnings, warning.Short)
	}
	lint := linter.New(&linter.Config{
		Warn: func(rule, _, _, message string, _ []parser.Range) {
			found.Warnings = append(found.Warnings, rule+": "+message)
		},
	})
	stages, _, err := instructions.Parse(parsed.AST, lint)
	if err != nil {
		return answer{}, err
	}
	for _, each := range stages {
		found.Stages = append(found.Stages, stage{Name: each.Name, Base: each.BaseName, Commands: len(each.Commands)})
	}
	return found, nil
}
