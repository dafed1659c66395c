import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

/** What a name of a file stands for: all that another file exports, or one thing of it. */
interface Import {
    readonly from: string;
    /** Undefined for all. */
    readonly name: string | undefined;
}

/** A declaration, by which name which file has it. */
export interface Found {
    readonly node: Declared;
    readonly name: string;
    readonly source: Source;
}

/** What a type's name can stand for. */
export type Declared = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.VariableDeclaration;

/** A file of declarations: what it declares and what it imports, by name. */
export interface Source {
    readonly path: string;
    readonly file: ts.SourceFile;
    /** By name, those in namespaces with the namespaces' names before theirs: `core.v1.PodSpec`. */
    readonly declared: ReadonlyMap<string, Declared>;
    /** Types that are another file's under a name. */
    readonly borrowed: ReadonlyMap<string, Import>;
    readonly imports: ReadonlyMap<string, Import>;
    readonly functions: ReadonlySet<string>;
}

/** A declaration has a form that is not known here: it says where, so that the form can be added. */
export class UnreadableDeclaration extends Error {
    constructor(node: ts.Node, { file, path }: Source) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        super(`${path}:${line + 1}: declarations like this one can't be read: ${node.getText(file).slice(0, 200)}`);
    }
}

/** Package whose types mean something of their own. */
export const pulumi = "@pulumi/pulumi";

/**
 * Files of declarations, each parsed once. They are parsed and not type-checked: names are few and explicit in generated
 * declarations, and checking the same takes twice the time and memory.
 */
export class Declarations {
    private readonly sources = new Map<string, Source>();

    /** A file by its path. */
    public open(path: string): Source {
        const source = this.sources.get(path) ?? parse(path);
        this.sources.set(path, source);
        return source;
    }

    /** What an entity's name stands for in a file; of Pulumi's own types only the name is known. */
    public resolve(name: string, source: Source): Found | { readonly own: string } | undefined {
        const [head = "", ...rest] = name.split(".");
        const imported = source.imports.get(head);
        if (imported?.from === pulumi) {
            return { own: rest.join(".") };
        }
        return this.find(name, source);
    }

    /** The declaration of a name in a file, or in those that the file has it from. */
    private find(name: string, source: Source): Found | undefined {
        const node = source.declared.get(name);
        if (node !== undefined) {
            return { node, name, source };
        }
        const borrowed = source.borrowed.get(name);
        if (borrowed !== undefined) {
            return this.follow(borrowed, [], source);
        }
        const [head = "", ...rest] = name.split(".");
        const imported = source.imports.get(head);
        return imported === undefined ? undefined : this.follow(imported, rest, source);
    }

    private follow({ from, name }: Import, rest: readonly string[], source: Source): Found | undefined {
        const base = join(dirname(source.path), from);
        const path = [`${base}.d.ts`, join(base, "index.d.ts")].find(file => existsSync(file));
        const next = [...(name === undefined ? [] : [name]), ...rest].join(".");
        return path === undefined ? undefined : this.find(next, this.open(path));
    }
}

function parse(path: string): Source {
    const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), options);
    const source = { path, file, declared: new Map(), borrowed: new Map(), imports: new Map(), functions: new Set<string>() };
    register(source, file.statements, "");
    return source;
}

/** A source that is still being filled. */
interface Open extends Source {
    readonly declared: Map<string, Declared>;
    readonly borrowed: Map<string, Import>;
    readonly imports: Map<string, Import>;
    readonly functions: Set<string>;
}

/** Puts statements into a source. Those of forms that no input's type has are passed over. */
function register(source: Open, statements: readonly ts.Statement[], namespace: string): void {
    for (const statement of statements) {
        if (ts.isInterfaceDeclaration(statement)) {
            source.declared.set(namespace + statement.name.text, statement);
        } else if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
            source.declared.set(namespace + statement.name.text, statement);
        } else if (ts.isVariableStatement(statement)) {
            for (const declaration of statement.declarationList.declarations.filter(({ name, type }) => ts.isIdentifier(name) && type?.kind === ts.SyntaxKind.TypeLiteral)) {
                source.declared.set(namespace + declaration.name.getText(source.file), declaration);
            }
        } else if (ts.isTypeAliasDeclaration(statement) && ts.isImportTypeNode(statement.type)) {
            source.borrowed.set(namespace + statement.name.text, borrowing(statement.type, source));
        } else if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
            source.functions.add(namespace + statement.name.text);
        } else if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)) {
            register(source, statement.body.statements, `${namespace}${statement.name.text}.`);
        } else if (ts.isImportDeclaration(statement)) {
            registerImport(source, statement);
        }
    }
}

/** `import("./role").Role`. */
function borrowing(node: ts.ImportTypeNode, source: Source): Import {
    const { argument, qualifier } = node;
    if (!ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal)) {
        throw new UnreadableDeclaration(node, source);
    }
    return { from: argument.literal.text, name: qualifier?.getText(source.file) };
}

function registerImport({ imports }: Open, { importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || !ts.isStringLiteral(moduleSpecifier)) {
        return;
    }
    const from = moduleSpecifier.text;
    if (ts.isNamespaceImport(bindings)) {
        imports.set(bindings.name.text, { from, name: undefined });
        return;
    }
    for (const { name, propertyName } of bindings.elements) {
        imports.set(name.text, { from, name: (propertyName ?? name).text });
    }
}
