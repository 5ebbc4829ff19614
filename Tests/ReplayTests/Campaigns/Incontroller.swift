extension Replay {
  /// A tool box for the controllers of several makers, found before it was used.
  static let incontroller = Replay(
    name: "INCONTROLLER, PIPEDREAM (2022)",
    sources: [
      Source(
        "S1045",
        """
        T0809 T0836 T0842 T0843 T0845 T0846 T0855 T0858 T0859 T0861 T0867 T0869 T0884 T0886 T0888
        T0890 T0891
        """)
    ],
    architecture: """
      zone operations
      zone cell
      laptop workstation in operations
      server historian in operations
      plc controller in cell
      machine controller in cell
      drive actuator in cell
      operations -> cell
      laptop -> server : OPC UA
      server <-> plc : OPC UA
      plc <-> machine : Modbus/TCP
      machine -> drive : EtherCAT on Ethernet
      """,
    entries: ["laptop:usedElsewhere"],
    impacts: ["drive:damageToProperty", "machine:lossOfControl"])
}
