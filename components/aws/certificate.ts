import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What a {@link ValidatedCertificate} is made from. */
export interface ValidatedCertificateArgs {
    /** Names that the certificate is for, the main one first. */
    readonly hosts: readonly string[];
    /** Existing Route 53 hosted zone that holds them all. */
    readonly zone: string;
}

/**
 * A certificate that is proved by DNS, so that it is valid before any name points at its load
 * balancer: the standby's as well as the primary's. It renews itself while the records stand.
 */
export class ValidatedCertificate extends pulumi.ComponentResource {
    /** ARN, known once the certificate is valid. */
    public readonly arn: pulumi.Output<string>;

    constructor(name: string, args: ValidatedCertificateArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:ValidatedCertificate", name, {}, opts);
        const [domainName = "", ...subjectAlternativeNames] = args.hosts;
        const certificate = new aws.acm.Certificate(
            name,
            { domainName, subjectAlternativeNames, validationMethod: "DNS" },
            { parent: this },
        );
        const zoneId = aws.route53.getZoneOutput({ name: args.zone }, { parent: this }).zoneId;
        const records = args.hosts.map(host => this.createRecord(`${name}-${host}`, host, certificate, zoneId));
        const validation = new aws.acm.CertificateValidation(
            name,
            { certificateArn: certificate.arn, validationRecordFqdns: records.map(record => record.fqdn) },
            { parent: this },
        );
        this.arn = validation.certificateArn;
        this.registerOutputs({ arn: this.arn });
    }

    private createRecord(
        name: string,
        host: string,
        certificate: aws.acm.Certificate,
        zoneId: pulumi.Output<string>,
    ): aws.route53.Record {
        const proof = certificate.domainValidationOptions.apply(options => {
            const option = options.find(({ domainName }) => domainName === host);
            if (option === undefined) {
                throw new pulumi.ResourceError(`ACM asks for no proof of ${host}`, this, true);
            }
            return option;
        });
        return new aws.route53.Record(
            name,
            {
                zoneId,
                name: proof.resourceRecordName,
                type: proof.resourceRecordType,
                records: [proof.resourceRecordValue],
                ttl: 60,
                allowOverwrite: true,
            },
            // Every certificate for a name in one account asks for the same record, in every region and stack, and so does
            // the next one for it here. It stays when this one goes, or the others could not renew, months later.
            { parent: this, retainOnDelete: true },
        );
    }
}
