extension Replay {
  /// One program with its targets built in commands the breakers of substations over IEC 60870-5-104.
  static let industroyer2 = Replay(
    name: "Industroyer2, Ukraine (2022)",
    sources: [Source("S1072", "T0801 T0802 T0806 T0836 T0855 T0881 T0888")],
    architecture: """
      zone control
      zone substation
      operator workstation in control
      scada control-server in control
      router network-device
      rtu controller in substation
      relay protection-relay in substation
      breaker actuator in substation
      router -> control
      router -> substation
      operator -> scada : RDP
      scada <-> rtu : IEC 104
      scada <-> relay : IEC 104
      rtu -> breaker
      relay -> breaker
      """,
    entries: ["operator:usedElsewhere"],
    impacts: ["breaker:unsafeSetPoint", "breaker:lossOfProductivity"])
}
