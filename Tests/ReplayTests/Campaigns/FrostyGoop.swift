extension Replay {
  /// Heating controllers answer Modbus to whoever sends it; their firmware is taken back and their readings bent.
  static let frostyGoop = Replay(
    name: "FrostyGoop (2024)",
    sources: [
      Source("C0041", "T0826 T0829 T0836 T0857"),
      Source("S1165", "T0801 T0807 T0836 T0869 T0885"),
    ],
    architecture: """
      zone heating
      router network-device in heating
      server application in heating
      scada control-server in heating
      controller controller in heating
      valve actuator in heating
      router <-> server : Ethernet
      router <-> scada : Ethernet
      scada <-> controller : Modbus/TCP
      controller -> valve : 0-10 V
      """,
    entries: ["router:exposed"],
    impacts: ["valve:unsafeSetPoint", "scada:lossOfView", "controller:lossOfAvailability"])
}
