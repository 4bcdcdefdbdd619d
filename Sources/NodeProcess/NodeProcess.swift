enum NodeProcessModule {}
