import type { ConfigFlags } from "../config.ts";

/** What every command takes: where the settings come from, and how to print. */
export interface GlobalOptions extends ConfigFlags {
  json?: boolean;
}
