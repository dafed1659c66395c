import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
    { ignores: ["out/", "node_modules/", ".venv-hello/"] },
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true } },
        rules: {
            eqeqeq: "error",
            // index.ts exports the function that Pulumi calls, which TypeScript imports so.
            "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
            // Two costly rules for mistakes that strict types leave no room for here.
            "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
            "@typescript-eslint/no-unsafe-enum-assignment": "off",
            // A Pulumi component is made for its effect, and its children often are too.
            "no-new": "off",
            "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
            "@typescript-eslint/explicit-module-boundary-types": "error",
            "@typescript-eslint/dot-notation": "off",
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "@typescript-eslint/prefer-nullish-coalescing": "error",
            "max-lines": ["error", { max: 260, skipComments: true, skipBlankLines: true }],
        },
    },
    {
        files: ["tests/**/*.ts"],
        rules: {
            // A test says what type it expects of inputs that were recorded.
            "@typescript-eslint/no-unnecessary-type-parameters": "off",
            "max-lines": ["error", { max: 320, skipComments: true, skipBlankLines: true }],
        },
    },
    { files: ["**/*.{cjs,mjs}"], extends: [tseslint.configs.disableTypeChecked], rules: { "@typescript-eslint/no-require-imports": "off", "@typescript-eslint/explicit-module-boundary-types": "off" } },
);
