import type { Outputs } from ".";
import { reference } from "./reference";

/** Outputs of AWS resources that the program reads. */
export const awsOutputs: Outputs = {
    "aws:eks/cluster:Cluster": ({ name, inputs }) => ({
        endpoint: `https://${reference(name, "endpoint")}`,
        certificateAuthority: { data: reference(name, "certificateAuthority") },
        version: inputs["version"],
        identities: [{ oidcs: [{ issuer: `https://${reference(name, "issuer")}` }] }],
    }),
    "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
    "aws:acm/certificate:Certificate": ({ name, inputs }) => ({
        domainValidationOptions: [inputs["domainName"], ...(inputs["subjectAlternativeNames"] as string[])].map(domainName => ({
            domainName,
            resourceRecordName: `_proof.${String(domainName)}`,
            resourceRecordType: "CNAME",
            resourceRecordValue: reference(name, `proof of ${String(domainName)}`),
        })),
    }),
    "aws:route53/record:Record": ({ inputs }) => ({ fqdn: inputs["name"] }),
};

/** Provider functions that the program calls. */
export const awsCalls: Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>> = {
    "aws:route53/getZone:getZone": ({ name }) => ({ name, zoneId: reference(`zone ${String(name)}`, "id"), id: reference(`zone ${String(name)}`, "id") }),
};
