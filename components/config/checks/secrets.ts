import type { AppConfig } from "../app";
import { credentialIn, soundsSecret } from "../credentials";
import { type Problem, Said, pathOf } from "../problems";

/** Secrets where everyone can read them: in plain variables, plain files and commands. None is ever shown. */
export function checkSecrets(app: AppConfig): readonly Problem[] {
    return [...plainVariables(app), ...twice(app), ...plainFiles(app), ...commands(app)];
}

/** How a secret gets to the app: encrypted in the stack's file, a Secret in the cluster. */
function moveTo(variable: string): string {
    return `pulumi config set --secret --path 'holdfast:app.secrets.${variable}'`;
}

function plainVariables(app: AppConfig): readonly Problem[] {
    return Object.entries(app.env).flatMap(([name, value]): Problem[] => {
        const credential = credentialIn(value);
        if (credential === undefined && !soundsSecret(name)) {
            return [];
        }
        const received = new Said(credential === undefined ? "a value under a name that sounds like a secret" : `a value that looks like ${credential}`);
        return [{ path: pathOf(["app", "env", name]), received, allowed: "plain values only", fix: `move it: ${moveTo(name)}` }];
    });
}

function twice(app: AppConfig): readonly Problem[] {
    return Object.keys(app.env)
        .filter(name => Object.hasOwn(app.secrets, name))
        .map(name => ({
            path: pathOf(["app", "env", name]),
            received: new Said("a name that app.secrets has too"),
            allowed: "each variable once",
            fix: `remove ${name} from env or from secrets`,
            reads: [pathOf(["app", "secrets", name])],
        }));
}

function plainFiles(app: AppConfig): readonly Problem[] {
    return Object.entries(app.files?.data ?? {}).flatMap(([file, content]): Problem[] => {
        const credential = credentialIn(content);
        const variable = file.toUpperCase().replace(/[^A-Z0-9]+/g, "_").replace(/^(?=[0-9])|^_+/, "FILE_");
        return credential === undefined
            ? []
            : [
                  {
                      path: pathOf(["app", "files", "data", file]),
                      received: new Said(`a file with what looks like ${credential}`),
                      allowed: "plain files only",
                      fix: `take it out of the file, and give it as a variable: ${moveTo(variable)}`,
                  },
              ];
    });
}

function commands(app: AppConfig): readonly Problem[] {
    const places = [
        { keys: ["app", "state", "command"], command: app.state?.command ?? [] },
        ...app.jobs.map(({ command }, index) => ({ keys: ["app", "jobs", index, "command"], command })),
    ];
    return places.flatMap(({ keys, command }) =>
        command.flatMap((word, index): Problem[] => {
            const credential = credentialIn(word);
            return credential === undefined
                ? []
                : [
                      {
                          path: pathOf([...keys, index]),
                          received: new Said(`a word with what looks like ${credential}`),
                          allowed: "commands without secrets: they stand in the pod's definition",
                          fix: `read it from a variable, and set that: ${moveTo("NAME")}`,
                      },
                  ];
        }),
    );
}
