# Puts a Node that Windlass runs on before the machine's own on the PATH, where that one is too old:
#
#     . ./scripts/use-node.sh
#
# Read by the shell and not a program, so that what is run afterwards gets its signals and exit code without a process
# between. Every npm script begins with it; in a shell of your own it makes `npx jest` and the like work.
windlass_node=$(node ./scripts/find-node.mjs) || return
export PATH="${windlass_node:+$windlass_node:}$PATH"
unset windlass_node
