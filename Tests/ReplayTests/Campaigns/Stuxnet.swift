extension Replay {
  /// A worm on a stick changes the programs of controllers through the engineering tool, and shows a plant that runs well.
  static let stuxnet = Replay(
    name: "Stuxnet (2010)",
    sources: [
      Source(
        "S0603",
        """
        T0801 T0807 T0821 T0831 T0832 T0834 T0835 T0836 T0842 T0843 T0847 T0849 T0851 T0863 T0866
        T0867 T0869 T0873 T0874 T0877 T0885 T0886 T0888 T0889 T0891
        """)
    ],
    architecture: """
      zone plant
      stick removable-media
      field engineering-station in plant
      view control-server in plant
      database historian in plant
      switch network-device in plant
      plc controller in plant
      converter field-device in plant
      centrifuge actuator in plant
      stick -> field
      field -> switch : S7comm
      switch -> plc : S7comm
      plc -> view : S7comm
      view -> database : OPC DA
      plc -> converter : PROFIBUS
      converter -> centrifuge
      """,
    entries: ["stick:handedIn"],
    impacts: [
      "centrifuge:damageToProperty", "view:manipulationOfView", "plc:unsafeSetPoint",
    ])
}
