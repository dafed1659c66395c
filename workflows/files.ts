import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths of a project's workflows, from the project's directory. */
export function workflowFiles(project: string): readonly string[] {
    const folder = join(".github", "workflows");
    return readdirSync(join(project, folder))
        .filter(name => /\.ya?ml$/.test(name))
        .sort()
        .map(name => join(folder, name));
}
