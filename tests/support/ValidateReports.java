import com.pixelmed.dicom.AttributeList;
import com.pixelmed.validate.DicomSRValidator;

/** Validates structured reports against their templates, many in one process: starting PixelMed takes seconds. */
public class ValidateReports {
  public static void main(String[] files) throws Exception {
    DicomSRValidator validator = new DicomSRValidator();
    for (String file : files) {
      AttributeList report = new AttributeList();
      report.read(file);
      System.out.println("=== " + file);
      System.out.println(validator.validate(report));
    }
  }
}
