extension Replay {
  /// Modules that speak the protocols of substations open breakers, wipe the stations and silence a protection relay.
  static let industroyer = Replay(
    name: "Industroyer, Ukraine (2016)",
    sources: [
      Source("C0025", "T0807 T0849 T0853 T0859 T0867 T0886"),
      Source(
        "S0604",
        """
        T0800 T0801 T0802 T0803 T0804 T0805 T0806 T0807 T0809 T0813 T0814 T0815 T0816 T0827 T0829
        T0831 T0832 T0837 T0840 T0846 T0855 T0881 T0884 T0888
        """),
    ],
    architecture: """
      zone office
      zone control
      zone substation
      mail workstation in office
      login account in mail
      edge firewall
      scada control-server in control
      rtu controller in substation
      bay gateway in substation
      relay protection-relay in substation
      breaker actuator in substation
      edge -> office
      edge -> control
      control -> substation
      login -> scada
      mail -> scada : RDP
      scada <-> rtu : IEC 60870-5-104
      scada <-> bay : RS-485
      bay <-> relay : IEC 61850 MMS
      rtu -> breaker
      relay -> breaker : GOOSE
      """,
    entries: ["mail:receiveMail"],
    impacts: [
      "breaker:unsafeSetPoint", "breaker:lossOfControl", "relay:lossOfProtection",
      "scada:denialOfView", "scada:lossOfView",
    ])
}
