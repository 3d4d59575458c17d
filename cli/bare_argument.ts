/**
 * Arguments that stand without a flag.
 *
 * @module
 */
import { booleanOf, type FlagTable } from "./flag_table.ts";

/**
 * Puts a flag before the arguments that belong to none, so that `task --name N photo.png` means
 * `task --name N --photo photo.png`.
 *
 * @param args Arguments after the command's name
 * @param table Flags of the command
 * @param flag The flag that bare arguments are values of
 */
export function nameBareArguments(args: readonly string[], table: FlagTable, flag: string): string[] {
  const isList = table[flag].kind === "list";
  return args.flatMap((arg, i) => {
    if (arg.startsWith("-")) return [arg];
    const before = args[i - 1] ?? "";
    const name = before.replace(/^--/, "").replaceAll("-", "_");
    const takesValue = before.startsWith("--") && !before.includes("=") &&
      (table[name]?.kind !== "boolean" || booleanOf(arg) !== undefined);
    return takesValue ? [arg] : [`--${flag}`, isList ? arg.replaceAll(",", "\\,") : arg];
  });
}
