import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { differs, isSaid, items } from "../values";

const certificate = "aws:acm/certificate:Certificate";
const validation = "aws:acm/certificateValidation:CertificateValidation";
const record = "aws:route53/record:Record";

export const certificateReliability: readonly Rule[] = [
    resourceRule(
        {
            name: "certificate-proved-by-dns",
            level: "mandatory",
            why: "A certificate that is proved by e-mail is renewed by whoever reads that mailbox, or expires.",
            ids: [],
            // https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
            fix: "set validationMethod to DNS: ACM then renews it by itself while the record stands",
        },
        certificate,
        // One that was imported, or comes from an authority of one's own, is proved to nobody.
        ({ validationMethod, privateKey, certificateBody, certificateAuthorityArn }) =>
            ![privateKey, certificateBody, certificateAuthorityArn].some(isSaid) && differs(validationMethod, "DNS") && `validationMethod is ${shown(validationMethod)}`,
    ),
    stackRule(
        {
            name: "certificate-names-proved",
            level: "mandatory",
            why: "ACM issues nothing until each name is proved, and renews nothing once a record is gone: the load balancer then has no certificate.",
            ids: [],
            fix: "add a Record from domainValidationOptions for each name of the certificate",
        },
        graph => graph.ofType(certificate).flatMap(each => proofFaults(graph, each)),
    ),
    stackRule(
        {
            name: "certificate-awaited",
            level: "mandatory",
            why: "A load balancer that is given a certificate before it is issued refuses to listen.",
            ids: [],
            fix: "add a CertificateValidation, and take the ARN from that",
        },
        graph => {
            const awaited = new Set(graph.ofType(validation).flatMap(({ sources }) => sources["certificateArn"] ?? []));
            const proved = new Set(graph.ofType(record).flatMap(({ sources }) => sources["records"] ?? []));
            return graph
                .ofType(certificate)
                .filter(({ urn }) => proved.has(urn) && !awaited.has(urn))
                .map(resource => ({ resource, found: "records prove it, and no CertificateValidation waits for that" }));
        },
    ),
];

/** Names without a record of proof. Without any, the proof is in another DNS or stack. */
function proofFaults(graph: StackGraph, each: Typed<typeof certificate>): readonly Fault[] {
    const { domainName, subjectAlternativeNames } = each.inputs;
    // A name and all below it share a record (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
    const names = new Set([domainName, ...items(subjectAlternativeNames)].filter(name => isSaid(name)).map(name => name.replace(/^\*\./, "")));
    const records = graph.usersOf(each, "records", record).length;
    return records === 0 || records >= names.size ? [] : [{ resource: each, found: `${names.size} names, ${records} records of proof` }];
}
