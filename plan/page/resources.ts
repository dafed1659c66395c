import type { PlannedResource } from "../summary";
import { el, type Markup } from "./markup";
import { section } from "./sections";
import { code, table } from "./table";

/** Every registered resource, folded away: the page is read for its picture, and searched for this. */
export function resourceSection(resources: readonly PlannedResource[]): Markup {
    const names = new Map(resources.map((resource) => [resource.urn, resource.name]));
    return section(
        "All resources",
        el(
            "details",
            {},
            el("summary", {}, `Show all ${resources.length}, with the stack and component resources`),
            table({
                caption: "All registered resources",
                columns: [
                    { head: "Name", as: "code" },
                    { head: "Type", as: "code" },
                    { head: "Part of" },
                    { head: "On destroy" },
                ],
                rows: resources.map((resource) => [
                    resource.name,
                    resource.type,
                    resource.parent === null ? "" : parentOf(resource.parent, names),
                    onDestroy(resource),
                ]),
            }),
        ),
    );
}

function parentOf(urn: string, names: ReadonlyMap<string, string>): Markup | string {
    const [, type = "", name = ""] = /^urn:pulumi:.*?::.*?::(.*?)::(.*)$/s.exec(urn) ?? [];
    if (type === "pulumi:pulumi:Stack") {
        return "stack";
    }
    return code(names.get(urn) ?? (name === "" ? urn : name));
}

function onDestroy(resource: PlannedResource): string {
    if (resource.protect) {
        return "protected";
    }
    return resource.retainOnDelete ? "kept" : "deleted";
}
