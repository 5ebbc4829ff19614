/// Those who came to look and to take away.
extension Replay {
  static let duqu = Replay(
    name: "Duqu and Flame (2011, 2012)",
    sources: [
      Source("S0038", "T0811 T0882 T0893"),
      Source("S0143", "T0882 T0893"),
    ],
    architecture: """
      zone office
      mail workstation in office
      files application in office
      mail <-> files : HTTP
      """,
    entries: ["mail:receiveMail"],
    impacts: ["mail:theftOfOperationalInformation", "files:theftOfOperationalInformation"])

  static let medre = Replay(
    name: "ACAD/Medre.A (2012)",
    sources: [Source("S1000", "T0882 T0893")],
    architecture: """
      zone drawing-office
      design workstation in drawing-office
      """,
    entries: ["design:usedElsewhere"], impacts: ["design:theftOfOperationalInformation"])

  /// Trojans in the installers of three makers list the OPC servers of the plant.
  static let oldrea = Replay(
    name: "Backdoor.Oldrea, with Dragonfly (2014)",
    sources: [
      Source("S0093", "T0802 T0814 T0846 T0861 T0862 T0863 T0865 T0888"),
      Source("G0035", "T0817 T0862"),
    ],
    architecture: """
      zone plant
      maker supplier
      tools software-component in plant
      station engineering-station in plant
      opc application in plant
      view control-server in plant
      plc controller in plant
      maker -> station
      maker -> tools
      station -> opc : OPC DA
      view -> opc : OPC DA
      opc <-> plc : Modbus/TCP
      """,
    entries: ["maker:takenOver", "station:receiveMail", "station:browseWeb"],
    impacts: [
      "station:theftOfOperationalInformation", "opc:theftOfOperationalInformation",
      "view:denialOfView",
    ])

  /// Five groups that looked for a way into plants.
  static let scouts = Replay(
    name: "ALLANITE, APT33, Lazarus, OilRig and TEMP.Veles",
    sources: [
      Source("G1000", "T0817 T0852 T0859 T0865"),
      Source("G0064", "T0852 T0853 T0865"),
      Source("G0032", "T0865"),
      Source("G0049", "T0817 T0853 T0859 T0865 T0869"),
      Source("G0088", "T0817 T0862"),
    ],
    architecture: """
      zone office
      zone control
      maker supplier
      mail workstation in office
      login account in mail
      hmi operator-station in control
      office -> control
      maker -> mail
      login -> hmi
      mail -> hmi : RDP
      """,
    entries: ["mail:receiveMail", "mail:browseWeb", "maker:takenOver"],
    impacts: ["hmi:theftOfOperationalInformation"])
}
