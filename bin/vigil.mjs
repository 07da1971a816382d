#!/usr/bin/env node
// The `vigil` command: src/cli.ts on a Node that can run it.
process.argv.splice(2, 0, "src/cli.ts");
await import("./launch.mjs");
