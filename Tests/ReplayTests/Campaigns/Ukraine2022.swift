extension Replay {
  /// From the hypervisor an image is mounted in the SCADA server, whose own program then commands the substations.
  static let ukraine2022 = Replay(
    name: "Ukraine electric power (2022)",
    sources: [Source("C0034", "T0807 T0853 T0855 T0894 T0895")],
    architecture: """
      zone server-room
      zone substation
      hypervisor application in server-room
      microscada control-server in hypervisor
      rtu controller in substation
      breaker actuator in substation
      server-room -> substation
      microscada <-> rtu : IEC 104
      rtu -> breaker
      """,
    entries: ["hypervisor:exposed"],
    impacts: ["breaker:unsafeSetPoint"])
}
