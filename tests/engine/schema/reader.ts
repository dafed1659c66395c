import { dirname, relative } from "node:path";

import ts from "typescript";

import { Declarations, type Declared, type Found, type Source, UnreadableDeclaration } from "./declarations";
import { placeOf, tokensIn } from "./places";
import { anyOf, type ObjectShape, type Property, type Schema, type Shape, type TypeShape } from "./shape";

const keywords: ReadonlyMap<ts.SyntaxKind, Shape> = new Map([
    [ts.SyntaxKind.StringKeyword, "string"],
    [ts.SyntaxKind.NumberKeyword, "number"],
    [ts.SyntaxKind.BooleanKeyword, "boolean"],
    [ts.SyntaxKind.AnyKeyword, "any"],
]);

/** Types of Pulumi's own SDK that values can have. */
const assets: ReadonlyMap<string, Shape> = new Map([
    ["asset.Asset", "asset"],
    ["asset.Archive", "archive"],
]);

/** Reads types of one SDK from its declarations. Whoever asks the same reader again does not wait for what it parsed already. */
export class Reader {
    /** Objects that were met so far. */
    private objects: Record<string, ObjectShape> = {};
    private readonly declarations = new Declarations();

    /** @param folder of the SDK's package. */
    constructor(private readonly folder: string) {}

    /**
     * Types, and all objects that were met so far.
     *
     * @throws UndeclaredType where the SDK has no such type; UnreadableDeclaration where it is declared in a form that is
     * not known here.
     */
    public read(types: readonly string[]): Schema {
        try {
            return { types: Object.fromEntries(types.map(type => [type, this.type(type)])), objects: { ...this.objects } };
        } catch (error) {
            // Some may have their name only.
            this.objects = {};
            throw error;
        }
    }

    /** A resource by its class `Vpc` and its `VpcArgs`; a function `getZone` by its `GetZoneArgs` and `GetZoneResult`. */
    private type(type: string): TypeShape {
        const { file, name, as } = placeOf(type, this.folder);
        const source = this.declarations.open(file);
        const isFunction = source.functions.has(name);
        const title = name.slice(0, 1).toUpperCase() + name.slice(1);
        const args = source.declared.get(`${title}Args`);
        const inputs = args === undefined && isFunction ? { properties: {} } : this.object(interfaceIn(args, `${title}Args`, source), source);
        return {
            ...(typeof as === "object" ? withProperties(inputs, { apiVersion: [as.apiVersion], kind: [as.kind] }) : inputs),
            ...(as === "provider" ? withEngineProperties(inputs) : {}),
            outputs: isFunction ? resultNames(source, title) : outputsOfClass(source, name),
            encoded: as === "provider",
        };
    }

    private object(node: ts.InterfaceDeclaration, source: Source): ObjectShape {
        if (node.heritageClauses !== undefined || node.typeParameters !== undefined) {
            throw new UnreadableDeclaration(node, source);
        }
        const properties: Record<string, Property> = {};
        let others: Shape | undefined;
        for (const member of node.members) {
            if (ts.isIndexSignatureDeclaration(member)) {
                others = this.shape(member.type, source);
            } else if (ts.isPropertySignature(member) && member.type !== undefined) {
                properties[nameOf(member.name, source)] = { type: this.shape(member.type, source), required: member.questionToken === undefined };
            } else {
                throw new UnreadableDeclaration(member, source);
            }
        }
        return others === undefined ? { properties } : { properties, others };
    }

    private shape(node: ts.TypeNode, source: Source): Shape {
        const keyword = keywords.get(node.kind);
        if (keyword !== undefined) {
            return keyword;
        }
        if (ts.isParenthesizedTypeNode(node)) {
            return this.shape(node.type, source);
        }
        if (ts.isArrayTypeNode(node)) {
            return { listOf: this.shape(node.elementType, source) };
        }
        if (ts.isUnionTypeNode(node)) {
            return anyOf(node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).map(member => this.shape(member, source)));
        }
        if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
            return { oneOf: [node.literal.text] };
        }
        const [member, ...others] = ts.isTypeLiteralNode(node) ? node.members : [];
        if (member !== undefined && others.length === 0 && ts.isIndexSignatureDeclaration(member)) {
            return { mapOf: this.shape(member.type, source) };
        }
        return this.named(node, source);
    }

    private named(node: ts.TypeNode, source: Source): Shape {
        if (!ts.isTypeReferenceNode(node)) {
            throw new UnreadableDeclaration(node, source);
        }
        const found = this.declarations.resolve(node.typeName.getText(source.file), source);
        if (found !== undefined && "own" in found) {
            return this.pulumis(found.own, node, source);
        }
        if (found === undefined || node.typeArguments !== undefined) {
            throw new UnreadableDeclaration(node, source);
        }
        return this.declared(found);
    }

    /** A type of Pulumi's own SDK. */
    private pulumis(name: string, node: ts.TypeReferenceNode, source: Source): Shape {
        const [argument] = node.typeArguments ?? [];
        if (name === "Input" && argument !== undefined) {
            return this.shape(argument, source);
        }
        const shape = assets.get(name);
        if (shape === undefined) {
            throw new UnreadableDeclaration(node, source);
        }
        return shape;
    }

    private declared({ node, name, source }: Found): Shape {
        if (ts.isVariableDeclaration(node)) {
            return { oneOf: valuesOf(node, source) };
        }
        if (ts.isClassDeclaration(node)) {
            const [token] = tokensIn(source.path);
            if (token === undefined) {
                throw new UnreadableDeclaration(node, source);
            }
            return { resource: token };
        }
        const object = `${relative(dirname(this.folder), source.path).replace(/\.d\.ts$/, "")}#${name}`;
        if (!Object.hasOwn(this.objects, object)) {
            // Objects may contain themselves: the name is taken before its properties are read.
            this.objects[object] = { properties: {} };
            this.objects[object] = this.object(node, source);
        }
        return { object };
    }
}

function interfaceIn(node: Declared | undefined, name: string, source: Source): ts.InterfaceDeclaration {
    if (node === undefined || !ts.isInterfaceDeclaration(node)) {
        throw new Error(`${source.path} declares no interface ${name}`);
    }
    return node;
}

/** What a custom object of Kubernetes says of itself is part of its type. */
function withProperties(inputs: ObjectShape, values: Readonly<Record<string, readonly string[]>>): ObjectShape {
    const own = Object.fromEntries(Object.entries(values).map(([name, oneOf]) => [name, { type: { oneOf }, required: true }]));
    return { ...inputs, properties: { ...inputs.properties, ...own } };
}

/** The engine hands a provider its version among its config (pkg/resource/deploy/providers/registry.go: `versionKey`). */
function withEngineProperties(inputs: ObjectShape): ObjectShape {
    return { ...inputs, properties: { ...inputs.properties, version: { type: "string", required: false } } };
}

function outputsOfClass(source: Source, name: string): readonly string[] {
    const node = source.declared.get(name);
    if (node === undefined || !ts.isClassDeclaration(node)) {
        throw new Error(`${source.path} declares no class ${name}`);
    }
    return node.members
        .filter(member => ts.isPropertyDeclaration(member))
        .filter(({ type }) => type !== undefined && ts.isTypeReferenceNode(type) && type.typeName.getText(source.file) === "pulumi.Output")
        .map(member => nameOf(member.name, source));
}

function resultNames(source: Source, title: string): readonly string[] {
    const { members } = interfaceIn(source.declared.get(`${title}Result`), `${title}Result`, source);
    return members.flatMap(({ name }) => (name === undefined ? [] : [nameOf(name, source)]));
}

/** Values of an enumeration, which is declared as a constant object of them. */
function valuesOf(node: ts.VariableDeclaration, source: Source): readonly string[] {
    const members = node.type !== undefined && ts.isTypeLiteralNode(node.type) ? node.type.members : [];
    return members.map(member => {
        const type = ts.isPropertySignature(member) ? member.type : undefined;
        if (type === undefined || !ts.isLiteralTypeNode(type) || !ts.isStringLiteral(type.literal)) {
            throw new UnreadableDeclaration(member, source);
        }
        return type.literal.text;
    });
}

function nameOf(name: ts.PropertyName, source: Source): string {
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) {
        throw new UnreadableDeclaration(name, source);
    }
    return name.text;
}
