#!/bin/sh
# `npx windlass` in a clone: the built program, on a Node that it runs on.
root=$(dirname "$(readlink -f "$0")")/..
node=$(node "$root/scripts/find-node.mjs") || exit 2
PATH="${node:+$node:}$PATH" exec node "$root/dist/src/program/main.js" "$@"
