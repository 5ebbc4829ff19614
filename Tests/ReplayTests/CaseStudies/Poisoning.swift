/// Data and models that carried something when they were taken in.
extension Replay {
  /// Samples that anyone may send in, and pages that anyone may change, teach something wrong.
  static let publicData = Replay(
    name: "Poisoned public data", catalogue: .atlas,
    sources: [
      Source("AML.CS0002", "AML.T0010.002 AML.T0016.000 AML.T0020 AML.T0043"),
      Source("AML.CS0009", "AML.T0010.002 AML.T0020 AML.T0031 AML.T0047"),
      Source(
        "AML.CS0025",
        "AML.T0002.000 AML.T0008.002 AML.T0019 AML.T0020 AML.T0031 AML.T0059"),
    ],
    absences: [
      Absence("AML.T0008.002", "the names of web sites are no part of the trained product")
    ],
    architecture: """
      zone laboratory
      web data-source
      samples data-set in laboratory
      trainer training-pipeline in laboratory
      service inference-service
      model learning-model in service
      web -> samples : HTTPS
      samples -> trainer
      trainer -> model
      """,
    entries: ["web:openToContributions", "service:sold"], impacts: ["model:wrongDecision"])

  /// Apps are taken apart, their models get a hidden sign that they obey, and the apps are offered again.
  static let mobileApps = Replay(
    name: "Hidden sign in the models of mobile apps", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0013",
        """
        AML.T0002.001 AML.T0004 AML.T0010.003 AML.T0015 AML.T0017.000 AML.T0018.001 AML.T0041
        AML.T0042 AML.T0043.004 AML.T0044
        """)
    ],
    architecture: """
      shop update-service
      object physical-quantity
      phone embedded-device
      app firmware in phone
      camera optical-sensor in phone
      model learning-model in phone
      file model-artefact in phone
      object -> camera : light
      camera -> model
      model -> file
      shop -> file : HTTPS
      """,
    entries: ["shop:exposed", "object:approach", "app:published", "model:publicKnowledge"],
    impacts: ["model:wrongDecision"])

  /// A container with a model is changed in the registry that everybody trusts.
  static let registry = Replay(
    name: "Changed model in a registry", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0028",
        """
        AML.T0004 AML.T0007 AML.T0010.004 AML.T0015 AML.T0018.000 AML.T0018.001 AML.T0044
        AML.T0048.004 AML.T0049
        """)
    ],
    architecture: """
      zone cloud
      registry model-registry in cloud
      file model-artefact in registry
      trainer training-pipeline in cloud
      service inference-service in cloud
      model learning-model in service
      registry -> service : HTTPS
      registry -> model : HTTPS
      trainer -> registry : HTTPS
      model -> file
      """,
    entries: ["registry:exposed", "model:publicKnowledge"],
    impacts: ["model:wrongDecision", "file:modelTheft"])

  /// Model files that run code when they are opened, under names that look right.
  static let modelHub = Replay(
    name: "Malicious models and packages", catalogue: .atlas,
    sources: [
      Source("AML.CS0015", "AML.T0010.001 AML.T0025 AML.T0037"),
      Source(
        "AML.CS0018",
        """
        AML.T0010.001 AML.T0011 AML.T0012 AML.T0017 AML.T0025 AML.T0035 AML.T0048 AML.T0048.004
        """),
      Source(
        "AML.CS0027",
        """
        AML.T0007 AML.T0010.003 AML.T0011.000 AML.T0016.000 AML.T0018.000 AML.T0018.002 AML.T0021
        AML.T0025 AML.T0044 AML.T0048 AML.T0048.004 AML.T0055 AML.T0058 AML.T0072 AML.T0073
        AML.T0074
        """),
      Source(
        "AML.CS0031", "AML.T0010 AML.T0011.000 AML.T0018.002 AML.T0058 AML.T0072 AML.T0076"),
    ],
    absences: [
      Absence("AML.T0072", "the way a foothold calls home; the attacker's own server is not drawn")
    ],
    architecture: """
      zone laboratory
      hub pretrained-model
      maker supplier
      trainer training-pipeline in laboratory
      package software-component in trainer
      login account in trainer
      registry model-registry in laboratory
      file model-artefact in registry
      service inference-service
      model learning-model in service
      hub -> trainer : HTTPS
      maker -> package
      login -> registry
      trainer -> registry : HTTPS
      registry -> model : HTTPS
      model -> file
      """,
    entries: ["hub:published", "maker:takenOver", "model:publicKnowledge"],
    impacts: ["model:wrongDecision", "file:modelTheft"])
}
