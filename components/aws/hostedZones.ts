import type { AliasZones } from "../cluster";

/**
 * Route 53 hosted zone ids of Elastic Load Balancing, by region: network load balancers for Services,
 * application load balancers for Ingresses. Data rather than a look-up, so that planning needs no
 * account. Source: terraform-provider-aws, internal/service/elbv2/hosted_zone_id_data_source.go, and
 * https://docs.aws.amazon.com/general/latest/gr/elb.html (both read 2026-11).
 */
const hostedZones: Readonly<Record<string, AliasZones>> = {
    "af-south-1": { service: "Z203XCE67M25HM", ingress: "Z268VQBMOI5EKX" },
    "ap-east-1": { service: "Z12Y7K3UBGUAD1", ingress: "Z3DQVH9N71FHZ0" },
    "ap-east-2": { service: "Z09176273OC2HWIAUNYW", ingress: "Z02789141MW7T1WBU19PO" },
    "ap-northeast-1": { service: "Z31USIVHYNEOWT", ingress: "Z14GRHDCWA56QT" },
    "ap-northeast-2": { service: "ZIBE1TIR4HY56", ingress: "ZWKZPGTI48KDX" },
    "ap-northeast-3": { service: "Z1GWIQ4HH19I5X", ingress: "Z5LXEXXYW11ES" },
    "ap-south-1": { service: "ZVDDRBQ08TROA", ingress: "ZP97RAFLXTNZK" },
    "ap-south-2": { service: "Z0711778386UTO08407HT", ingress: "Z0173938T07WNTVAEPZN" },
    "ap-southeast-1": { service: "ZKVM4W9LS7TM", ingress: "Z1LMS91P8CMLE5" },
    "ap-southeast-2": { service: "ZCT6FZBF4DROD", ingress: "Z1GM3OXH4ZPM65" },
    "ap-southeast-3": { service: "Z01971771FYVNCOVWJU1G", ingress: "Z08888821HLRG5A9ZRTER" },
    "ap-southeast-4": { service: "Z01156963G8MIIL7X90IV", ingress: "Z09517862IB2WZLPXG76F" },
    "ap-southeast-5": { service: "Z026317210H9ACVTRO6FB", ingress: "Z06010284QMVVW7WO5J" },
    "ap-southeast-6": { service: "Z01392953RKV2Q3RBP0KU", ingress: "Z023301818UFJ50CIO0MV" },
    "ap-southeast-7": { service: "Z054363131YWATEMWRG5L", ingress: "Z0390008CMBRTHFGWBCB" },
    "ca-central-1": { service: "Z2EPGBW3API2WT", ingress: "ZQSVJUPU6J1EY" },
    "ca-west-1": { service: "Z02754302KBB00W2LKWZ9", ingress: "Z06473681N0SF6OS049SD" },
    "eu-central-1": { service: "Z3F0SRJ5LGBH90", ingress: "Z215JYRZR1TBD5" },
    "eu-central-2": { service: "Z02239872DOALSIDCX66S", ingress: "Z06391101F2ZOEP8P5EB3" },
    "eu-north-1": { service: "Z1UDT6IFJ4EJM", ingress: "Z23TAZ6LKFMNIO" },
    "eu-south-1": { service: "Z23146JA1KNAFP", ingress: "Z3ULH7SSC9OV64" },
    "eu-south-2": { service: "Z1011216NVTVYADP1SSV", ingress: "Z0956581394HF5D5LXGAP" },
    "eu-west-1": { service: "Z2IFOLAFXWLO4F", ingress: "Z32O12XQLNTSW2" },
    "eu-west-2": { service: "ZD4D7Y8KGAS4G", ingress: "ZHURV8PSTC4K8" },
    "eu-west-3": { service: "Z1CMS0P5QUZ6D5", ingress: "Z3Q77PNBQS71R4" },
    "il-central-1": { service: "Z0313266YDI6ZRHTGQY4", ingress: "Z09170902867EHPV2DABU" },
    "me-central-1": { service: "Z00282643NTTLPANJJG2P", ingress: "Z08230872XQRWHG2XF6I" },
    "me-south-1": { service: "Z3QSRYVP46NYYV", ingress: "ZS929ML54UICD" },
    "mx-central-1": { service: "Z02031231H3ID6HYJ9A7U", ingress: "Z023552324OKD1BB28BH5" },
    "sa-east-1": { service: "ZTK26PT1VY4CU", ingress: "Z2P70J7HTTTPLU" },
    "us-east-1": { service: "Z26RNL4JYFTOTI", ingress: "Z35SXDOTRQ7X7K" },
    "us-east-2": { service: "ZLMOA37VPKANP", ingress: "Z3AADJGX6KTTL2" },
    "us-west-1": { service: "Z24FKFUX50B4VW", ingress: "Z368ELLRRE2KJ0" },
    "us-west-2": { service: "Z18D5FSROUN65G", ingress: "Z1H1FL5HABSF5" },
};

/** Regions whose load balancers an alias record can point at. */
export const aliasRegions = Object.keys(hostedZones);

/** Hosted zone ids for alias records; undefined for a region that the table lacks. */
export function aliasZonesOf(region: string): AliasZones | undefined {
    return hostedZones[region];
}
