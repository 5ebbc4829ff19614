/// Models that were made to see something else, at the sensor or through the front door.
extension Replay {
  /// Programs and traffic are shaped so that detectors which learned let them pass.
  static let malwareDetectors = Replay(
    name: "Evasion of malware and traffic detectors", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0000", "AML.T0000.001 AML.T0002.000 AML.T0005 AML.T0015 AML.T0042 AML.T0043.003"),
      Source("AML.CS0001", "AML.T0000 AML.T0002 AML.T0015 AML.T0017.000 AML.T0042 AML.T0043.001"),
      Source("AML.CS0003", "AML.T0000 AML.T0015 AML.T0017.000 AML.T0043.003 AML.T0047 AML.T0063"),
      Source("AML.CS0011", "AML.T0000 AML.T0002 AML.T0015 AML.T0040 AML.T0043.001"),
      Source(
        "AML.CS0014",
        """
        AML.T0001 AML.T0002.000 AML.T0003 AML.T0005 AML.T0015 AML.T0017.000 AML.T0042 AML.T0043.002
        AML.T0047
        """),
    ],
    architecture: """
      zone gateway
      scanner inference-service in gateway
      detector detector-model in scanner
      mail application in gateway
      mail <-> scanner : HTTPS
      """,
    entries: ["scanner:sold", "detector:publicKnowledge"], impacts: ["detector:wrongDecision"])

  /// Mail and pages are tried against the filter, or a copy of it, until they pass.
  static let mailFilters = Replay(
    name: "Evasion of mail and web filters", catalogue: .atlas,
    sources: [
      Source("AML.CS0008", "AML.T0005.001 AML.T0015 AML.T0043.002 AML.T0047 AML.T0063"),
      Source("AML.CS0032", "AML.T0015 AML.T0043.003 AML.T0048.003 AML.T0052"),
    ],
    architecture: """
      zone office
      filter inference-service in office
      detector detector-model in filter
      desk workstation in office
      filter -> desk : HTTPS
      """,
    entries: ["filter:sold", "detector:publicKnowledge", "desk:receiveMail"],
    impacts: ["detector:wrongDecision"])

  /// The camera of a tax office's login is replaced by a made video; identity checks are shown other people's faces.
  static let faceRecognition = Replay(
    name: "Deceived face recognition", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0004",
        """
        AML.T0008.001 AML.T0015 AML.T0016.000 AML.T0016.001 AML.T0021 AML.T0047 AML.T0048.000
        AML.T0087
        """),
      Source("AML.CS0017", "AML.T0015 AML.T0047 AML.T0048.000"),
      Source(
        "AML.CS0033",
        """
        AML.T0015 AML.T0016 AML.T0016.001 AML.T0016.002 AML.T0021 AML.T0047 AML.T0048.000 AML.T0073
        AML.T0087 AML.T0088
        """),
      Source(
        "AML.CS0034",
        """
        AML.T0015 AML.T0016.002 AML.T0021 AML.T0047 AML.T0048.000 AML.T0073 AML.T0087 AML.T0088
        """),
    ],
    architecture: """
      zone cloud
      face physical-quantity
      phone embedded-device
      camera optical-sensor in phone
      service inference-service in cloud
      matcher learning-model in service
      login account
      face -> camera : light
      camera -> matcher : HTTPS
      phone -> service : HTTPS
      login -> service
      """,
    entries: ["face:approach", "service:sold", "login:targeted", "phone:handleDevice"],
    impacts: ["matcher:wrongDecision"])

  /// A printed pattern, computed on a stand-in, is worn before a camera that identifies people.
  static let physicalPattern = Replay(
    name: "Face identification misled by a worn pattern", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0012",
        """
        AML.T0000 AML.T0002.000 AML.T0005 AML.T0008.003 AML.T0012 AML.T0013 AML.T0015 AML.T0040
        AML.T0041 AML.T0043.000
        """)
    ],
    architecture: """
      zone site
      face physical-quantity
      camera optical-sensor in site
      service inference-service in site
      matcher learning-model in service
      file model-artefact in service
      login account
      face -> camera : light
      camera -> matcher
      matcher -> file
      login -> service
      """,
    entries: ["face:approach", "login:targeted", "matcher:publicKnowledge", "service:exposed"],
    impacts: ["matcher:wrongDecision"])

  /// A red team takes data and model from inside and tries its inputs on the service that is open to customers.
  static let cloudService = Replay(
    name: "Disturbed model service in a cloud", catalogue: .atlas,
    sources: [
      Source(
        "AML.CS0010",
        """
        AML.T0000 AML.T0012 AML.T0015 AML.T0025 AML.T0035 AML.T0040 AML.T0042 AML.T0043.000
        """)
    ],
    architecture: """
      zone cloud
      service inference-service in cloud
      model learning-model in service
      file model-artefact in service
      data data-set in service
      login account
      model -> file
      login -> service
      """,
    entries: ["login:targeted", "model:publicKnowledge", "service:exposed"],
    impacts: ["model:wrongDecision"])
}
