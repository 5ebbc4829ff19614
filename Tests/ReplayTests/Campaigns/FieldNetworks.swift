/// Attacks that live in controllers, gateways and routers.
extension Replay {
  /// Sensor gateways of a city's sewers are reached over their modems, flooded and destroyed.
  static let fuxnet = Replay(
    name: "Fuxnet (2024)",
    sources: [Source("S1157", "T0806 T0809 T0814 T0822 T0829 T0883")],
    absences: [],
    architecture: """
      zone field
      modem network-device in field
      gateway gateway in field
      logger controller in field
      meter field-device in field
      centre control-server
      modem <-> gateway : Ethernet
      gateway <-> logger : Modbus/TCP
      logger <-> meter : M-Bus on RS-485
      gateway -> centre : MQTT
      """,
    entries: ["modem:exposed"], impacts: ["centre:lossOfView", "logger:denialOfControl"])

  /// A worm that lives in controllers alone and goes from one to the next.
  static let plcBlaster = Replay(
    name: "PLC-Blaster (2016)",
    sources: [Source("S1006", "T0814 T0821 T0834 T0835 T0843 T0846 T0858 T0889")],
    architecture: """
      zone plant
      first controller in plant
      second controller in plant
      motor actuator in plant
      first <-> second : S7comm
      second -> motor
      """,
    entries: ["first:exposed"], impacts: ["motor:unsafeSetPoint", "second:lossOfControl"])

  /// Routers at the edge of networks listen for Modbus and change what passes.
  static let vpnFilter = Replay(
    name: "VPNFilter (2018)",
    sources: [Source("S1010", "T0830 T0842")],
    architecture: """
      zone site
      router network-device in site
      view control-server
      plc controller in site
      view <-> router : Modbus/TCP
      router <-> plc : Modbus/TCP
      """,
    entries: ["router:exposed"], impacts: ["plc:unsafeSetPoint", "view:manipulationOfView"])

  /// What the group behind the three Ukrainian events is said to do elsewhere.
  static let sandworm = Replay(
    name: "Sandworm Team (2014)",
    sources: [Source("G0034", "T0807 T0819 T0884")],
    architecture: """
      zone plant
      hmi control-server in plant
      plc controller in plant
      hmi <-> plc : Modbus/TCP
      """,
    entries: ["hmi:exposed"], impacts: ["plc:unsafeSetPoint"])
}
