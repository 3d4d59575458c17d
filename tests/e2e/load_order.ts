/** Looks for a GPU, which loads the machine's drivers, and uses the native backend after that. */
import { useBackend } from "../../lib/backend/select_backend.ts";

await navigator.gpu?.requestAdapter();
const { name } = await useBackend({ backend: "native", threads: 1 });
console.log(name);
