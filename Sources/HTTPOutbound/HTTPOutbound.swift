// HTTPOutbound
