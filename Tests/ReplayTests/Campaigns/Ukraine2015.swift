extension Replay {
  /// Operators watch their own mouse open the breakers, then lose their stations, converters and telephones.
  static let ukraine2015 = Replay(
    name: "Ukraine electric power (2015), with BlackEnergy and KillDisk",
    sources: [
      Source(
        "C0028",
        """
        T0803 T0804 T0805 T0813 T0814 T0816 T0822 T0823 T0826 T0827 T0828 T0831 T0846 T0855 T0857
        T0859 T0867 T0884 T0885 T0886
        """),
      Source("S0089", "T0859 T0865 T0869"),
      Source("S0607", "T0809 T0829 T0872 T0881"),
    ],
    architecture: """
      zone office
      zone control
      zone substation
      mail workstation in office
      directory directory-service in office
      login account
      vpn remote-access-service in office
      hmi operator-station in control
      scada control-server in control
      supply embedded-device in control
      converter gateway in substation
      rtu controller in substation
      breaker actuator in substation
      office -> control
      control -> substation
      directory -> login
      login -> vpn
      mail -> vpn : HTTPS
      vpn -> hmi : RDP
      hmi -> scada : OPC DA
      scada <-> converter : IEC 104
      converter <-> rtu : RS-232
      rtu -> breaker
      """,
    entries: ["mail:receiveMail", "vpn:reachedFromOutside"],
    impacts: [
      "breaker:unsafeSetPoint", "breaker:lossOfControl", "breaker:lossOfProductivity",
      "hmi:lossOfView",
    ])
}
