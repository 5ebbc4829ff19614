extension Replay {
  /// From the office over a jump host to the engineering station of a safety system, whose controllers are reprogrammed.
  static let triton = Replay(
    name: "Triton, TRISIS (2017)",
    sources: [
      Source("C0030", "T0807 T0828 T0830 T0843 T0853 T0855 T0859 T0867 T0872 T0886"),
      Source(
        "S1009",
        """
        T0820 T0821 T0834 T0843 T0845 T0846 T0849 T0853 T0857 T0858 T0868 T0869 T0871 T0872 T0874
        T0880 T0885 T0890
        """),
    ],
    architecture: """
      zone office
      zone control
      zone safety
      mail workstation in office
      login account in mail
      jump remote-access-service in office
      wall firewall
      dcs control-server in control
      station engineering-station in safety
      sis safety-controller in safety
      controller controller in control
      valve actuator in control
      wall -> office
      wall -> control
      control -> safety
      login -> jump
      mail -> jump : RDP
      jump -> station : RDP
      station -> sis : TriStation over Ethernet
      dcs <-> controller : Modbus/TCP
      sis -> dcs : Modbus/TCP
      controller -> valve : 4-20 mA
      sis -> valve
      """,
    entries: ["mail:receiveMail"],
    impacts: ["valve:lossOfSafety", "sis:lossOfProductivity", "valve:lossOfProductivity"])
}
