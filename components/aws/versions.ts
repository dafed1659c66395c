/**
 * Last day of standard support of each EKS version, after which AWS upgrades clusters with
 * `supportType: STANDARD` by force. 1.33 is past it and so not offered.
 * Sources, read 2026-11: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 * (1.34), https://endoflife.date/amazon-eks (1.35), aws-samples/sample-apex-skills (1.36).
 */
export const standardSupportEnds: Readonly<Record<string, string>> = {
    "1.34": "2026-12-02",
    "1.35": "2027-03-27",
    "1.36": "2027-08-02",
};

/** Days before the end of support from which the plan warns. */
export const warningDays = 90;
