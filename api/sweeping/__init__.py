"""Running sweeps: chunks of cases counted here, in processes of this machine, or on a cluster, and added up as they come."""
