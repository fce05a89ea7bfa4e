"""LatticeBatch to and from Parquet."""
