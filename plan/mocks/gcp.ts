import type { Outputs } from ".";
import { reference } from "./reference";

/** Outputs of Google Cloud resources that the program reads. */
export const gcpOutputs: Outputs = {
    "gcp:container/cluster:Cluster": ({ name, inputs }) => ({
        endpoint: reference(name, "endpoint"),
        masterAuth: { clusterCaCertificate: reference(name, "clusterCaCertificate"), clientCertificate: "", clientKey: "" },
        masterVersion: inputs["minMasterVersion"],
    }),
    "gcp:serviceaccount/account:Account": ({ name }) => ({
        email: reference(name, "email"),
        member: `serviceAccount:${reference(name, "email")}`,
    }),
    "gcp:projects/serviceIdentity:ServiceIdentity": ({ name }) => ({
        email: reference(name, "email"),
        member: `serviceAccount:${reference(name, "email")}`,
    }),
};
