enum InspectorModule {}
