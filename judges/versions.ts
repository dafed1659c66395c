/**
 * The judges' versions, pinned here and nowhere else. Go verifies its modules against its checksum
 * database; of checkov only the version is pinned, and what it depends on is what PyPI has that day.
 */
export const versions = {
    /** The Kubernetes that the manifests are judged for, the minor that prod pins: kubeconform's schemas are made of its API. */
    kubernetes: "1.35.4",
    kubeScore: "v1.20.0",
    kubeconform: "v0.8.0",
    checkov: "3.3.30",
} as const;

/** Where Go and pip find them. */
export const packages = {
    kubernetes: "k8s.io/kubernetes",
    kubeScore: "github.com/zegl/kube-score/cmd/kube-score",
    kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform",
    checkov: "checkov",
} as const;
