extension Replay {
  /// Controllers with a panel stand on the internet with the maker's password and show a foreign picture.
  static let unitronics = Replay(
    name: "Unitronics defacement (2023)",
    sources: [Source("C0031", "T0812 T0814 T0826 T0828 T0829 T0883")],
    architecture: """
      zone waterworks
      plc controller in waterworks
      panel operator-station in waterworks
      pump actuator in waterworks
      plc <-> panel : Ethernet
      plc -> pump : 4-20 mA
      """,
    entries: ["plc:exposed", "panel:exposed"],
    impacts: ["plc:lossOfProductivity", "panel:lossOfView", "plc:lossOfAvailability"])
}
