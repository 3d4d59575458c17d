/** `deno task notebook`: JupyterLab on the project's notebooks, with the Deno kernel. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { prepareJupyter } from "../tools/setup/jupyter.ts";
import { option } from "../lib/core/option.ts";
import { UserError } from "../lib/core/errors.ts";

export const notebook = defineCommand({
  name: "notebook",
  doc: "Starts JupyterLab on the notebooks, with the Deno kernel ready; installs it into cache/jupyter once.",
  options: {
    port: option.integer({ doc: "Port of this machine.", default: 8888, minimum: 1024, maximum: 65535 }),
    browser: option.boolean({ doc: "Whether a browser is opened.", default: true }),
    check: option.boolean({ doc: "Only prepare it.", default: false }),
  },
  async run({ port, browser, check }, { callbacks, print }) {
    const { python, kernels } = await prepareJupyter(["jupyterlab"], callbacks("notebook"));
    if (check) return print(`JupyterLab is ready: deno task notebook`);
    const args = ["-m", "jupyterlab", "--ip=127.0.0.1", `--port=${port}`, "--notebook-dir=notebooks"];
    if (!browser) args.push("--no-browser");
    if (Deno.uid() === 0) args.push("--allow-root");
    const { success } = await new Deno.Command(python, { args, env: { JUPYTER_PATH: kernels } }).spawn()
      .status;
    if (!success) {
      throw new UserError(`JupyterLab ended with an error; is the port ${port} taken? Give another 'port'.`);
    }
  },
});

if (import.meta.main) await runCommand(notebook);
