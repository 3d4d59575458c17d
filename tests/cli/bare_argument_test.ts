import { assertEquals } from "@std/assert";
import { nameBareArguments } from "../../cli/bare_argument.ts";
import { flagTable } from "../../cli/flag_table.ts";
import { option } from "../../lib/core/option.ts";
import { parseFlags } from "../../cli/parse_flags.ts";

const TABLE = flagTable("task", {
  name: option.text({ doc: "Name." }),
  photo: option.text({ doc: "Photograph." }),
  eager: option.boolean({ doc: "Switch." }),
});

const named = (line: string) => nameBareArguments(line.split(" "), TABLE, "photo").join(" ");

Deno.test("bare arguments get their flag, values of flags stay", () => {
  assertEquals(named("--name N a.png"), "--name N --photo a.png");
  assertEquals(named("a.png --name N"), "--photo a.png --name N");
  assertEquals(named("--name=N a.png --eager"), "--name=N --photo a.png --eager");
  assertEquals(named("--eager a.png"), "--eager --photo a.png");
  assertEquals(named("--eager false a.png"), "--eager false --photo a.png");
  assertEquals(named("--photo a.png"), "--photo a.png");
});

Deno.test("bare arguments of a list are all taken, whatever commas their names hold", () => {
  const table = flagTable("task", { photos: option.list({ doc: "Photographs.", default: [] }) });
  const args = nameBareArguments(["a.png", "b, c.png", "--photos", "d.png,e.png"], table, "photos");
  assertEquals(parseFlags(args, table).values.photos, ["a.png", "b, c.png", "d.png", "e.png"]);
});
