/// Models and their data that were copied.
extension Replay {
  static let translation = Replay(
    name: "Copied and misled translation services", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0005",
        """
        AML.T0000 AML.T0002.000 AML.T0002.001 AML.T0005.001 AML.T0015 AML.T0031 AML.T0040
        AML.T0043.002 AML.T0048.004
        """)
    ],
    architecture: """
      zone cloud
      service inference-service in cloud
      model learning-model in service
      """,
    entries: ["service:sold", "model:publicKnowledge"],
    impacts: ["service:modelTheft", "model:wrongDecision"])

  /// A storage that was left open gives away code, keys and faces.
  static let openStorage = Replay(
    name: "Open storage of a face search service", catalogue: .atlas,
    sources: [Source("AML.CS0006", "AML.T0002 AML.T0021 AML.T0031 AML.T0036")],
    architecture: """
      store cloud-service
      faces data-set in store
      file model-artefact in store
      service inference-service
      matcher learning-model in service
      matcher -> file
      store -> service : HTTPS
      """,
    entries: ["store:openToTheWorld", "service:sold", "matcher:publicKnowledge"],
    impacts: ["matcher:wrongDecision", "store:theftOfOperationalInformation"])

  /// Clusters that train models stand on the internet without a login.
  static let openCluster = Replay(
    name: "Training clusters without a login", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0023",
        """
        AML.T0006 AML.T0010.003 AML.T0025 AML.T0035 AML.T0048.000 AML.T0049 AML.T0055
        """)
    ],
    architecture: """
      zone cluster
      trainer training-pipeline in cluster
      registry model-registry in cluster
      file model-artefact in registry
      data data-set in trainer
      product embedded-device
      model learning-model in product
      login account in trainer
      data -> trainer
      trainer -> registry : HTTPS
      registry -> model : HTTPS
      model -> file
      login -> registry
      """,
    entries: ["trainer:exposed"], impacts: ["model:wrongDecision", "file:modelTheft"])
}
