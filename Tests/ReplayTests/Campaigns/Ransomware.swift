/// Programs that encrypt or delete for money or to harm, and worms that reached plants on their way.
extension Replay {
  /// They stop the programs of the plant first, so that its files can be encrypted.
  static let ransomware = Replay(
    name: "EKANS, LockerGoga, REvil and Ryuk (2018 to 2020)",
    sources: [
      Source("S0605", "T0828 T0840 T0849 T0881"),
      Source("S0372", "T0827 T0828 T0829"),
      Source("S0446", "T0828"),
      Source("S0496", "T0828 T0849 T0853 T0863 T0869 T0881 T0882 T0886"),
    ],
    architecture: """
      zone office
      zone control
      mail workstation in office
      files application in office
      history historian in control
      hmi operator-station in control
      plc controller in control
      office -> control
      mail -> files : HTTPS
      files -> history : OPC DA
      plc -> history : OPC DA
      hmi <-> plc : EtherNet/IP
      """,
    entries: ["mail:browseWeb", "mail:receiveMail"],
    impacts: [
      "hmi:lossOfView", "hmi:lossOfProductivity", "plc:lossOfControl",
      "files:theftOfOperationalInformation",
    ])

  static let worms = Replay(
    name: "Bad Rabbit, Conficker, NotPetya and WannaCry (2008 to 2017)",
    sources: [
      Source("S0606", "T0817 T0828 T0863 T0866 T0867"),
      Source("S0608", "T0826 T0828 T0847"),
      Source("S0368", "T0828 T0866 T0867"),
      Source("S0366", "T0866 T0867"),
    ],
    architecture: """
      zone office
      zone control
      stick removable-media
      desk workstation in office
      hmi operator-station in control
      server control-server in control
      office -> control
      stick -> desk
      desk -> server : HTTP
      server -> hmi : OPC DA
      """,
    entries: ["desk:browseWeb", "stick:handedIn"],
    impacts: ["hmi:lossOfProductivity", "server:lossOfAvailability"])
}
