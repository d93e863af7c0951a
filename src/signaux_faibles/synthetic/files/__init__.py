"""The producers' files: each module turns a block of companies into the lines of the files of one producer.

Takes blocks; gives text lines with the batches that hold them; writes nothing.
"""
